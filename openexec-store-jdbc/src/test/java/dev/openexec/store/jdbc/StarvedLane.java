package dev.openexec.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A lane in a process of its own, which has no memory left for the list of its next batch, and then has some again. */
final class StarvedLane {

    private static final int REQUESTS = 512;

    /** What takes up the memory, as a chain, and what leaves some room when it is given up. */
    private static final @Nullable Object[] TAKEN = new Object[2];

    private StarvedLane() {}

    /** What it says of itself. */
    static String run() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> small = List.of("-Xmx16m", "-XX:+UseSerialGC", "-XX:-UseTLAB", "-XX:-UsePerfData");
        List<String> main = List.of("-cp", System.getProperty("java.class.path"), StarvedLane.class.getName());
        Process process = new ProcessBuilder(Stream.of(List.of(java), small, main)
                        .flatMap(List::stream)
                        .toList())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    }

    public static void main(String[] arguments) {
        Hungry work = new Hungry();
        Lane<Asked> lane = new Lane<>("test", work);
        lane.offer(new Asked(true));
        List<Asked> requests =
                Stream.generate(() -> new Asked(false)).limit(REQUESTS).toList();
        requests.forEach(lane::offer);
        lane.start();
        lane.close();
        TAKEN[0] = null;

        long done =
                requests.stream().filter(request -> request.stage().isDone()).count();
        System.out.println(
                work.withoutMemory + " batch without memory, " + done + " of " + REQUESTS + " requests done");
    }

    /** Leaves room for a list without elements, and for nothing that is larger. */
    private static void useUp() {
        TAKEN[1] = new Object[1]; // as large as that
        while (take(REQUESTS) || take(64) || take(8) || take(1)) {}
        TAKEN[1] = null;
    }

    private static boolean take(int references) {
        try {
            @Nullable Object[] piece = new Object[references];
            piece[0] = TAKEN[0];
            TAKEN[0] = piece;
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    private static final class Asked extends Request<String> {
        private final boolean first;

        Asked(boolean first) {
            this.first = first;
        }

        @Override
        int urgency() {
            return first ? 0 : 1;
        }

        @Override
        boolean alone() {
            return first;
        }

        @Override
        String perform(Session session) {
            return "done";
        }
    }

    /** Uses up the memory with its first request, and gives it back when it is called without any. */
    private static final class Hungry implements Lane.Work<Asked> {
        private int withoutMemory;

        @Override
        public void work(List<Asked> batch) {
            if (batch.isEmpty()) {
                TAKEN[0] = null;
                withoutMemory++;
            } else if (batch.get(0).first) {
                useUp();
            } else {
                batch.forEach(request -> request.complete("done"));
            }
        }

        @Override
        public void brokeDown(List<Asked> batch, Throwable failure) {}

        @Override
        public boolean unfinished() {
            return false;
        }

        @Override
        public void end() {}
    }
}

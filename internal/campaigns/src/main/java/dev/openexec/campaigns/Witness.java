package dev.openexec.campaigns;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.openexec.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;

/** The process that writes down what happens. What it has not acknowledged has not happened: nobody goes on without. */
final class Witness {

    private static final int NOBODY_SAW_IT = 70;
    private static final int PORT = Integer.getInteger("campaign.witness", 0);
    private static final ThreadLocal<Witness> OF_THREAD = ThreadLocal.withInitial(Witness::new);

    private final OutputStream out;
    private final BufferedReader in;

    @SuppressWarnings("resource") // it lives as long as its thread
    private Witness() {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), PORT);
            socket.setTcpNoDelay(true);
            out = socket.getOutputStream();
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        } catch (IOException e) {
            throw giveUp();
        }
    }

    /** Returns once it stands in the history. */
    static void told(Map<String, ?> report) {
        OF_THREAD.get().tell(Json.of(report).canonical() + "\n");
    }

    private void tell(String line) {
        try {
            out.write(line.getBytes(UTF_8));
            if (!"seen".equals(in.readLine())) {
                throw giveUp();
            }
        } catch (IOException e) {
            throw giveUp();
        }
    }

    /** An effect that nobody saw would be a hole in the history. */
    private static Error giveUp() {
        Runtime.getRuntime().halt(NOBODY_SAW_IT);
        return new AssertionError("This process has ended");
    }
}

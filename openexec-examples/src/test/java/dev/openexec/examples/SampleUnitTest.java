package dev.openexec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openexec.examples.Shell.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample of a systemd unit that docs/operations.md speaks of. */
final class SampleUnitTest {

    private static final Path UNIT = Path.of("operations/openexec.service");

    @TempDir
    Path folder;

    @Test
    void systemd_has_nothing_to_say_against_it() throws Exception {
        assumeTrue(isInstalled(), "systemd-analyze is not installed");
        String unit = Files.readString(UNIT)
                .replaceAll("(?m)^ExecStart=.*", "ExecStart=/bin/true") // what it names is not on this machine
                .replaceAll("(?m)^(User|Group)=.*", "$1=root");
        Path file = Files.writeString(folder.resolve("openexec.service"), unit);

        assertThat(verified(file).err()).doesNotContain("openexec.service"); // of others it may say what it likes
        assertThat(verified(file).status()).isZero();

        Files.writeString(file, unit.replace("NoNewPrivileges=", "NoNewPrivilege="));
        assertThat(verified(file).err()).contains("openexec.service");
    }

    private Run verified(Path file) throws IOException, InterruptedException {
        return Shell.run(folder, Map.of(), "systemd-analyze", "verify", "--man=no", file.toString());
    }

    private boolean isInstalled() throws InterruptedException {
        try {
            return Shell.run(folder, Map.of(), "systemd-analyze", "--version").status() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}

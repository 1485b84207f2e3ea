package dev.openexec.examples.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.Executor;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often it is killed can be set: {@code -Dkills=1000}. */
final class BankTest {

    private static final int KILLS = Integer.getInteger("kills", 3);
    private static final int TRANSFERS = 1_000_000; // more than are done before it is killed
    private static final int MAX_BEFORE_A_KILL = 40;

    @TempDir
    Path folder;

    private Path database;

    @BeforeEach
    void name() {
        database = folder.resolve("accounts.db");
    }

    @Test
    void a_transfer_that_fails_takes_nothing() throws Exception {
        try (Executor bank = Bank.open(database)) {
            assertThat(Bank.failing(bank, "n")).isEqualTo("no-such-account");
            assertThat(Bank.failing(bank, "n")).isEqualTo("no-such-account");
        }
        assertThat(number("SELECT cents FROM account WHERE name = 'ada'")).isEqualTo(1_000_000);
    }

    @Test
    void whenever_it_is_killed_no_cent_is_lost_and_each_transfer_happens_once() throws Exception {
        Random random = new Random(KILLS);
        long reached = -1;
        for (int kill = 0; kill < KILLS; kill++) {
            long last = runUntilKilled(reached + 1 + random.nextInt(MAX_BEFORE_A_KILL));
            assertThat(last).isGreaterThan(reached);
            reached = last;
            assertThat(number("SELECT sum(cents) FROM account")).isEqualTo(2_000_000);
        }

        int all = Math.toIntExact(reached) + 10;
        try (Executor bank = Bank.open(database)) {
            for (int i = 0; i < all; i++) {
                Bank.transfer(bank, i);
            }
        }
        long done = number("SELECT count(*) FROM oe_execution WHERE action = 'transfer' AND state = 'SUCCEEDED'");
        assertThat(done).isGreaterThanOrEqualTo(all);
        assertThat(number("SELECT count(*) FROM entry")).isEqualTo(done);
        assertThat(number("SELECT count(*) FROM oe_execution WHERE state <> 'SUCCEEDED'"))
                .isZero();
        assertThat(number("SELECT cents FROM account WHERE name = 'ada'")).isEqualTo(1_000_000 + expected(done));
        assertThat(number("SELECT sum(cents) FROM account")).isEqualTo(2_000_000);
    }

    /** SIGKILL once this transfer is answered; the number of the last one that was. */
    private long runUntilKilled(long transfer) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Bank.class.getName(),
                        database.toString(),
                        Integer.toString(TRANSFERS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long last = -1;
        try (BufferedReader answers =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = answers.readLine();
            while (line != null && last < transfer) {
                last = Long.parseLong(line.substring("transfer ".length()));
                line = last < transfer ? answers.readLine() : line;
            }
        } finally {
            process.destroyForcibly().onExit().join();
        }
        return last;
    }

    private static long expected(long transfers) {
        long cents = 0;
        for (int i = 0; i < transfers; i++) {
            cents += i % 3 == 0 ? -(1 + i % 7) : 1 + i % 7;
        }
        return cents;
    }

    private long number(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : -1;
        }
    }
}

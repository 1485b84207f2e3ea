package dev.openexec.examples.accounts;

import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/**
 * Transfers between two accounts that live in the ledger's own file. Kill it whenever you like and start it again: each
 * transfer happens once, and no cent is lost or made.
 *
 * <pre>{@code
 * openexec-examples/run accounts.Bank accounts.db 1000
 * }</pre>
 */
final class Bank {

    private static final int OPENING_CENTS = 1_000_000;

    private Bank() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: accounts.Bank DATABASE TRANSFERS");
            System.exit(2);
        }
        try (Executor bank = open(Path.of(arguments[0]))) {
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                transfer(bank, i);
                System.out.println("transfer " + i);
            }
        }
    }

    static Executor open(Path database) throws Exception {
        SqliteStore store = SqliteStore.at(database)
                .withTables(
                        "CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY, cents INTEGER NOT NULL) STRICT",
                        "CREATE TABLE IF NOT EXISTS entry (execution TEXT PRIMARY KEY) STRICT");
        Executor bank = Executor.with(store, ApprovalPolicy.unsignedDemo())
                .action(new Transfer())
                .action(new OpenAccount())
                .build();
        for (String name : new String[] {"ada", "bob"}) {
            bank.execute(ExecutionRequest.of("open-account", Json.of(Map.of("name", name)), "open " + name));
        }
        return bank;
    }

    /** The same number is the same transfer, however often it is asked for. */
    static void transfer(Executor bank, int number) throws Exception {
        Json order = Json.of(Map.of(
                "from",
                number % 3 == 0 ? "ada" : "bob",
                "to",
                number % 3 == 0 ? "bob" : "ada",
                "cents",
                1 + number % 7));
        bank.execute(ExecutionRequest.of("transfer", order, "transfer " + number));
    }

    /** Fails, and changes nothing: there is no such account. */
    static String failing(Executor bank, String nonce) throws Exception {
        try {
            Json order = Json.of(Map.of("from", "ada", "to", "nobody", "cents", 5));
            bank.execute(ExecutionRequest.of("transfer", order, nonce));
            return "done";
        } catch (ExecutionFailedException e) {
            return e.code();
        }
    }

    /** Once for each name, because the nonce is the name. */
    private static final class OpenAccount implements Action<OpenAccount.Holder> {

        record Holder(String name) {}

        @Override
        public String name() {
            return "open-account";
        }

        @Override
        public Kind kind() {
            return Kind.TRANSACTIONAL;
        }

        @Override
        public Class<Holder> inputType() {
            return Holder.class;
        }

        @Override
        public Json run(Holder holder, ActionContext context) throws SQLException {
            try (PreparedStatement insert =
                    context.connection().prepareStatement("INSERT INTO account VALUES (?, ?)")) {
                insert.setString(1, holder.name());
                insert.setInt(2, OPENING_CENTS);
                insert.executeUpdate();
            }
            return Json.of(Map.of("cents", OPENING_CENTS));
        }
    }
}

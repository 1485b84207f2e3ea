package dev.openexec.campaigns;

import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionName;
import dev.openexec.action.Kind;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** An effect in the ledger's own file: a row. It is witnessed as the others are, and undone without the witness. */
@ActionName("transactional")
public final class Transactional extends Effect {

    /** Nothing in it is unique: an effect that happens twice is to be seen. */
    static final String TABLE = "CREATE TABLE IF NOT EXISTS effect (mark TEXT NOT NULL, execution TEXT NOT NULL)";

    /** For {@link java.util.ServiceLoader}. */
    public Transactional() {
        super("transactional", Kind.TRANSACTIONAL);
    }

    @Override
    void happen(Order order, ActionContext context) throws SQLException {
        try (PreparedStatement insert =
                context.connection().prepareStatement("INSERT INTO effect (mark, execution) VALUES (?, ?)")) {
            insert.setString(1, order.mark());
            insert.setString(2, context.executionId().toString());
            insert.executeUpdate();
        }
    }
}

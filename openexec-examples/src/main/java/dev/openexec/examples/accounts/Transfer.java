package dev.openexec.examples.accounts;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/** Moves money from one account to another, and writes down that it did. */
final class Transfer implements Action<Transfer.Order> {

    /**
     * What is to be moved.
     *
     * @param cents more than 0
     */
    record Order(String from, String to, int cents) {}

    @Override
    public String name() {
        return "transfer";
    }

    @Override
    public Kind kind() {
        return Kind.TRANSACTIONAL;
    }

    @Override
    public Class<Order> inputType() {
        return Order.class;
    }

    @Override
    public Json run(Order order, ActionContext context) throws ActionFailedException, SQLException {
        Connection connection = context.connection();
        if (order.cents() < 1 || change(connection, order.from(), -order.cents()) != 1) {
            throw new ActionFailedException("not-covered");
        }
        if (change(connection, order.to(), order.cents()) != 1) {
            throw new ActionFailedException("no-such-account"); // what was taken above is given back
        }
        try (PreparedStatement entry = connection.prepareStatement("INSERT INTO entry VALUES (?)")) {
            entry.setString(1, context.executionId().toString());
            entry.executeUpdate();
        }
        return Json.of(Map.of("moved", order.cents()));
    }

    private static int change(Connection connection, String account, int cents) throws SQLException {
        try (PreparedStatement change = connection.prepareStatement(
                "UPDATE account SET cents = cents + ?1 WHERE name = ?2 AND cents + ?1 >= 0")) {
            change.setInt(1, cents);
            change.setString(2, account);
            return change.executeUpdate();
        }
    }
}

/** The ledger over JDBC: a SQLite file. */
module dev.openexec.store.jdbc {
    requires transitive dev.openexec.core;
    requires transitive java.sql;
    requires org.xerial.sqlitejdbc;
    requires static org.jspecify;

    exports dev.openexec.store.jdbc;
}

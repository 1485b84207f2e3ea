/** A program that executes actions which it does not know at compile time. */
module com.example.teller {
    requires dev.openexec.core;
    requires dev.openexec.store.jdbc;
}

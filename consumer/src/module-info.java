/** A program on the module path. On the class path it is compiled without this file. */
module consumer {
    requires dev.openexec.store.jdbc;

    // the records that actions take as input
    opens consumer to
            com.fasterxml.jackson.databind;
}

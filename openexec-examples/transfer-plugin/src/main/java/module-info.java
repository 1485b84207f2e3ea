/** Actions of a bank. */
module com.example.bank {
    requires dev.openexec.core;

    provides dev.openexec.action.Action with
            com.example.bank.Transfer,
            com.example.bank.Refund;

    opens com.example.bank to
            com.fasterxml.jackson.databind; // binds the payload to the input records
}

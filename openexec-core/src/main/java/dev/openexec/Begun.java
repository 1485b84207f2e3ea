package dev.openexec;

/** What a request is to the ledger: settled already, or an entry into its action. */
sealed interface Begun permits Standing.Settled, Claims.Entry {}

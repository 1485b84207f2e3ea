package com.example.bank;

/** The bank's definite no: nothing was booked. */
final class DeclinedException extends Exception {

    private final String code;

    /** @param code why, such as {@code insufficient-funds} */
    DeclinedException(String code) {
        super("Declined: " + code);
        this.code = code;
    }

    String code() {
        return code;
    }
}

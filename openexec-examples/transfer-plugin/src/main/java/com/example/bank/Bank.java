package com.example.bank;

import java.io.IOException;

/**
 * What the actions need of a bank. It books once for each key: whoever asks again with the same key, after a lost answer
 * for instance, gets the number of the first booking.
 */
interface Bank {

    /**
     * Moves money.
     *
     * @param key names this booking for ever
     * @return the number of the booking
     * @throws DeclinedException if nothing was booked
     * @throws IOException if the bank did not answer: it may have booked
     */
    String transfer(String key, Transfer.Input order) throws DeclinedException, IOException;

    /**
     * Moves the money of a booking back. The rest is as for {@link #transfer}.
     *
     * @param booking the number of the booking
     */
    String refund(String key, String booking) throws DeclinedException, IOException;
}

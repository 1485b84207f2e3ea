package com.example.bank;

import static com.example.bank.Currency.EUR;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InMemoryBankTest {

    private final InMemoryBank bank = new InMemoryBank("alice", EUR, 100_00);

    @Test
    void one_key_books_once() throws Exception {
        Transfer.Input order = new Transfer.Input("alice", "bob", 12_50, EUR);
        String booking = bank.transfer("key-1", order);

        assertThat(bank.transfer("key-1", order)).isEqualTo(booking);
        assertThat(bank.balance("bob", EUR)).isEqualTo(12_50);

        String refund = bank.refund("key-2", booking);
        assertThat(bank.refund("key-2", booking)).isEqualTo(refund);
        assertThat(bank.balance("bob", EUR)).isZero();
    }
}

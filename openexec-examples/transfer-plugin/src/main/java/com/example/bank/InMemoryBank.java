package com.example.bank;

import java.util.HashMap;
import java.util.Map;

/** A bank to try the actions with. It forgets everything with the process. Thread-safe. */
final class InMemoryBank implements Bank {

    /** The bank of every action in this process, in which alice begins with 100 euros. */
    static final InMemoryBank SHARED = new InMemoryBank("alice", Currency.EUR, 100_00);

    private record Account(String owner, Currency currency) {}

    private final Map<Account, Long> balances = new HashMap<>();
    private final Map<String, String> numbersByKey = new HashMap<>();
    private final Map<String, Transfer.Input> ordersByNumber = new HashMap<>();

    InMemoryBank(String owner, Currency currency, long balance) {
        balances.put(new Account(owner, currency), balance);
    }

    @Override
    public synchronized String transfer(String key, Transfer.Input order) throws DeclinedException {
        String known = numbersByKey.get(key);
        return known != null ? known : book(key, order);
    }

    @Override
    public synchronized String refund(String key, String booking) throws DeclinedException {
        String known = numbersByKey.get(key);
        if (known != null) {
            return known;
        }
        Transfer.Input order = ordersByNumber.get(booking);
        if (order == null) {
            throw new DeclinedException("no-such-booking");
        }
        String number = book(key, new Transfer.Input(order.to(), order.from(), order.amount(), order.currency()));
        ordersByNumber.remove(booking); // refunded once
        return number;
    }

    synchronized long balance(String owner, Currency currency) {
        return balances.getOrDefault(new Account(owner, currency), 0L);
    }

    private String book(String key, Transfer.Input order) throws DeclinedException {
        if (balance(order.from(), order.currency()) < order.amount()) {
            throw new DeclinedException("insufficient-funds");
        }
        balances.merge(new Account(order.from(), order.currency()), -order.amount(), Math::addExact);
        balances.merge(new Account(order.to(), order.currency()), order.amount(), Math::addExact);
        String number = "booking-" + (numbersByKey.size() + 1);
        numbersByKey.put(key, number);
        ordersByNumber.put(number, order);
        return number;
    }
}

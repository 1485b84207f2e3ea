package com.example.bank;

/** The currencies that the bank books. */
public enum Currency {
    EUR,
    USD
}

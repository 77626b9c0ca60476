package dev.modunest.server.account;

/** The endpoints of accounts. */
public record Accounts(
        AccountEndpoint account,
        TokensEndpoint tokens,
        PasswordEndpoint password,
        AccountsEndpoint all,
        LeakedTokensEndpoint leaked) {}

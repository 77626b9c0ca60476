package dev.modunest.db.identity;

/** To whom a namespace belongs, or is offered. */
public sealed interface NamespaceOwner {

    /** Its id. */
    long id();

    /** Of the account or organisation. */
    String name();

    record AnAccount(long id, String name) implements NamespaceOwner {}

    record AnOrganization(long id, String name) implements NamespaceOwner {}
}

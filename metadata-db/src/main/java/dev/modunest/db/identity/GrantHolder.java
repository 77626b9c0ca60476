package dev.modunest.db.identity;

import java.util.UUID;

/** To whom something is granted. */
public sealed interface GrantHolder {

    record ToAccount(long id) implements GrantHolder {}

    record ToTeam(long id) implements GrantHolder {}

    record ToOrganization(long id) implements GrantHolder {}

    record ToHost(UUID id) implements GrantHolder {}
}

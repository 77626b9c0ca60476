package dev.modunest.db.identity;

import java.time.Instant;

/**
 * An account in an organisation or a team.
 *
 * @param account its name
 * @param role owner, admin or member, in the organisation
 */
public record Member(long accountId, String account, String role, Instant addedAt) {}

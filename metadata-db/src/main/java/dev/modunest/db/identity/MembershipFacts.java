package dev.modunest.db.identity;

/**
 * A place in an organisation.
 *
 * @param role owner, admin or member; host for a host that belongs to it
 */
public record MembershipFacts(long organizationId, String organization, String role) {}

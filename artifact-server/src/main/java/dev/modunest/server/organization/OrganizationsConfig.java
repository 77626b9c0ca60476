package dev.modunest.server.organization;

import dev.modunest.settings.Default;

/**
 * How many there may be.
 *
 * @param mostPerAccount organisations of which an account is an owner, when it makes another
 * @param mostMembers accounts in an organisation
 * @param mostTeams teams of an organisation
 */
public record OrganizationsConfig(
        @Default("20") int mostPerAccount,
        @Default("1000") int mostMembers,
        @Default("100") int mostTeams) {

    private static final int MOST = 100_000;

    public OrganizationsConfig {
        if (mostPerAccount < 0 || mostPerAccount > MOST) {
            throw new IllegalArgumentException(
                    "most_per_account is 0 to " + MOST + ", not " + mostPerAccount);
        }
        if (mostMembers < 1 || mostMembers > MOST || mostTeams < 0 || mostTeams > MOST) {
            throw new IllegalArgumentException(
                    "most_members and most_teams are at most "
                            + MOST
                            + ", and most_members at least 1");
        }
    }
}

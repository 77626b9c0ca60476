package dev.modunest.db.identity;

import java.util.List;

/** What an account or a host was given: by itself, by its teams and by its organisations. */
public record SubjectFacts(List<MembershipFacts> memberships, List<GrantFacts> grants) {

    public static final SubjectFacts NOTHING = new SubjectFacts(List.of(), List.of());

    public SubjectFacts {
        memberships = List.copyOf(memberships);
        grants = List.copyOf(grants);
    }
}

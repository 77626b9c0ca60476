package dev.modunest.server.organization;

import dev.modunest.server.auth.Credentials;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.util.Optional;

/**
 * Who may change who is in an organisation: owners anybody, admins all but owners, everybody
 * themselves to leave; and one owner stays.
 */
final class MemberRules {

    static final String OWNER = "owner";
    static final String ADMIN = "admin";
    static final String MEMBER = "member";

    private MemberRules() {}

    /**
     * Throws {@link Rejection} when the member may not be given the role.
     *
     * @param actor what the one who does it is in the organisation
     * @param current what the member is in it
     * @param owners how many owners there are
     */
    static void checkPut(
            Optional<String> actor, Optional<String> current, String role, long owners) {
        requireManager(actor);
        boolean wasOwner = current.filter(OWNER::equals).isPresent();
        if (wasOwner || role.equals(OWNER)) {
            requireOwner(actor);
        }
        if (wasOwner && !role.equals(OWNER)) {
            requireAnotherOwner(owners);
        }
    }

    /** The same when the member is to be taken out. */
    static void checkRemove(Optional<String> actor, String current, boolean leaves, long owners) {
        if (!leaves) {
            requireManager(actor);
            if (current.equals(OWNER)) {
                requireOwner(actor);
            }
        }
        if (current.equals(OWNER)) {
            requireAnotherOwner(owners);
        }
    }

    /** Throws {@link Rejection} when it is no owner or admin. */
    static void requireManager(Optional<String> actor) {
        if (actor.filter(role -> role.equals(OWNER) || role.equals(ADMIN)).isEmpty()) {
            throw denied("only owners and admins of the organization change it; ask one of them");
        }
    }

    private static void requireOwner(Optional<String> actor) {
        if (actor.filter(OWNER::equals).isEmpty()) {
            throw denied(
                    "only an owner makes somebody an owner, or takes that away; ask one of them");
        }
    }

    private static void requireAnotherOwner(long owners) {
        if (owners <= 1) {
            throw new Rejection(
                    ProblemCode.LAST_OWNER,
                    "It is the last owner of the organization; make another member an owner first");
        }
    }

    private static Rejection denied(String detail) {
        return Credentials.Unauthorized.with(
                ProblemCode.ACCESS_DENIED, "Not allowed: " + detail, "insufficient_scope");
    }
}

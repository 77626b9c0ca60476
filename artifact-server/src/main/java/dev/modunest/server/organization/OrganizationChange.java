package dev.modunest.server.organization;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.Organization;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;

import java.time.Instant;
import java.util.Optional;

/**
 * A change of an organisation under way: locked, so that what is counted and who acts stay as they
 * are until it is done.
 */
record OrganizationChange(Transaction tx, Organization organization, Account actor, Instant now) {

    /** Locks the organisation; throws {@link Rejection} when there is none. */
    static OrganizationChange begin(Transaction tx, String name, Account actor, Instant now) {
        Organization organization = tx.organizations().lock(name).orElseThrow(() -> unknown(name));
        return new OrganizationChange(tx, organization, actor, now);
    }

    static Rejection unknown(String name) {
        return new Rejection(
                ProblemCode.ORGANIZATION_UNKNOWN,
                "There is no organization "
                        + name
                        + "; GET /api/v1/organizations lists those that you are in");
    }

    /** What the one who acts is in it; an administrator of the registry stands in for owners. */
    Optional<String> actorRole() {
        return actor.administrator()
                ? Optional.of(MemberRules.OWNER)
                : tx.organizations().findRole(organization.id(), actor.id());
    }

    long owners() {
        return tx.organizations().countOwners(organization.id());
    }

    Account account(String name) {
        return tx.accounts()
                .find(name)
                .orElseThrow(
                        () ->
                                new Rejection(
                                        ProblemCode.ACCOUNT_UNKNOWN,
                                        "There is no account "
                                                + name
                                                + "; check its name, which is that at its first sign-in"));
    }

    /** Notes what was done, and has every server look at rights anew. */
    void done(String action, String subject, ObjectNode detail) {
        tx.audit()
                .append(
                        new AuditEntry(
                                now,
                                actor,
                                action,
                                subject,
                                Optional.empty(),
                                Optional.of(RequestId.current()),
                                detail.toString()));
        tx.accessChanged();
    }
}

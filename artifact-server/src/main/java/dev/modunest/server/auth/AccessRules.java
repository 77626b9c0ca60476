package dev.modunest.server.auth;

import static dev.modunest.server.auth.Decision.Verdict.ABSENT;
import static dev.modunest.server.auth.Decision.Verdict.ADMINISTRATORS_ONLY;
import static dev.modunest.server.auth.Decision.Verdict.FOREIGN;
import static dev.modunest.server.auth.Decision.Verdict.NOT_GRANTED;
import static dev.modunest.server.auth.Decision.Verdict.NO_CREDENTIAL;
import static dev.modunest.server.auth.Decision.Verdict.OUT_OF_SCOPE;

import dev.modunest.db.Account;
import dev.modunest.db.identity.GrantFacts;
import dev.modunest.db.identity.MembershipFacts;
import dev.modunest.db.identity.NamespaceFacts;
import dev.modunest.db.identity.SubjectFacts;
import dev.modunest.format.PluginId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides from facts, without I/O: what is not allowed by a rule here is denied. A credential's
 * scopes come first, since they limit even administrators and owners.
 */
final class AccessRules {

    /** What an account may do with what is its own. */
    private static final Set<Action> OF_SELF =
            EnumSet.of(
                    Action.ACCOUNT_READ,
                    Action.ACCOUNT_MANAGE,
                    Action.PUBLISH_READ,
                    Action.ORGANIZATION_CREATE,
                    Action.ORGANIZATION_READ,
                    Action.ACCESS_EXPLAIN);

    /** Roles in an organisation that may change it. */
    private static final Set<String> MANAGES = Set.of("owner", "admin");

    private static final Set<Action> OF_PUBLISHERS =
            EnumSet.of(Action.RELEASE_PUBLISH, Action.CERTIFICATE_ISSUE);
    private static final Set<Action> ADMIN_ACTIONS =
            EnumSet.of(Action.RELEASE_QUARANTINE, Action.NAMESPACE_CERTIFY);

    /** By what a subject may do something to a namespace: its owner's role, or a grant. */
    private record Ground(Set<Action> actions, String words) {

        static Ground of(Role role, String words) {
            return new Ground(role.actions(), words);
        }

        static Ground of(GrantFacts grant) {
            return new Ground(
                    Role.granted(grant.role(), grant.actions()),
                    "grant "
                            + grant.id()
                            + " gives "
                            + grant.to()
                            + " "
                            + grant.role()
                                    .map(role -> "the role " + role)
                                    .orElseGet(() -> String.join(", ", grant.actions()))
                            + " on "
                            + grant.namespace()
                            + "/"
                            + grant.plugin().orElse("*"));
        }

        boolean allows(Action action) {
            return actions.contains(action);
        }
    }

    private AccessRules() {}

    /** For a resource that is no part of a namespace. */
    static Decision decide(
            Principal principal, Resource resource, Action action, SubjectFacts facts) {
        return switch (principal) {
            case Principal.Edge edge
                    when action == Action.DOWNLOADS_REPORT
                            && resource instanceof Resource.Registry ->
                    Decision.allow("an " + edge + " of this registry reports downloads");
            case Principal.Developer developer ->
                    limit(developer, resource, action)
                            .orElseGet(
                                    () -> ofAccount(developer.account(), resource, action, facts));
            case Principal.Anonymous _, Principal.EndUser _, Principal.Host _, Principal.Edge _ ->
                    never(principal);
        };
    }

    /** What those get who are no account. */
    private static Decision never(Principal principal) {
        return switch (principal) {
            case Principal.Anonymous _ ->
                    Decision.deny(NO_CREDENTIAL, "no credential was sent, and this needs one");
            case Principal.Edge edge ->
                    Decision.deny(
                            NOT_GRANTED,
                            "an " + edge + " may only report downloads, and keep artifacts");
            case Principal.EndUser user ->
                    Decision.deny(
                            OUT_OF_SCOPE,
                            "the token is for " + user.audience() + ", not for this registry");
            case Principal.Host host ->
                    Decision.deny(
                            NOT_GRANTED, "the " + host + " may read plugins and nothing else");
            case Principal.Developer developer ->
                    throw new IllegalArgumentException(developer + " is an account");
        };
    }

    private static Decision ofAccount(
            Account account, Resource resource, Action action, SubjectFacts facts) {
        if (resource instanceof Resource.Self && OF_SELF.contains(action)) {
            return Decision.allow("it is the account's own");
        }
        Optional<Decision> asMember =
                resource instanceof Resource.OfOrganization(String organization)
                        ? ofMember(account, organization, action, facts)
                        : Optional.empty();
        if (asMember.isPresent()) {
            return asMember.get();
        }
        if (action == Action.DOWNLOADS_REPORT) {
            return Decision.deny(NOT_GRANTED, "downloads are reported by edges alone");
        }
        if (account.administrator()) {
            return Decision.allow(account.name() + " is an administrator of the registry");
        }
        return Decision.deny(
                resource instanceof Resource.OfOrganization ? NOT_GRANTED : ADMINISTRATORS_ONLY,
                "no role of " + account.name() + " allows " + action + " on the " + resource);
    }

    private static Optional<Decision> ofMember(
            Account account, String organization, Action action, SubjectFacts facts) {
        return facts.memberships().stream()
                .filter(member -> member.organization().equals(organization))
                .filter(
                        member ->
                                action == Action.ORGANIZATION_READ
                                        || MANAGES.contains(member.role()))
                .findFirst()
                .map(
                        member ->
                                Decision.allow(
                                        account.name()
                                                + " is "
                                                + member.role()
                                                + " of the organization "
                                                + organization));
    }

    /** What a decision about a namespace or a plugin of it is about. */
    private record Place(
            String namespace, Optional<PluginId> plugin, Optional<NamespaceFacts> facts) {

        boolean secret() {
            return facts.filter(NamespaceFacts::secret).isPresent();
        }

        Resource resource() {
            return plugin.<Resource>map(Resource.OfPlugin::new)
                    .orElseGet(() -> new Resource.OfNamespace(namespace));
        }

        @Override
        public String toString() {
            return resource().toString();
        }
    }

    /**
     * For a namespace, or a plugin of it.
     *
     * <p>Who may not read is denied in the same way whether nobody has the namespace or others have
     * it in private.
     *
     * @param owned empty when nobody has the namespace yet
     */
    static Decision decide(
            Principal principal,
            String namespace,
            Optional<PluginId> plugin,
            Action action,
            Optional<NamespaceFacts> owned,
            SubjectFacts facts,
            Instant now) {
        Place place = new Place(namespace, plugin, owned);
        if (action == Action.RELEASE_READ && owned.isPresent() && !place.secret()) {
            return readPublic(principal, place);
        }
        Decision decision =
                switch (principal) {
                    case Principal.Developer developer ->
                            limit(developer, place.resource(), action)
                                    .orElseGet(
                                            () ->
                                                    ofAccount(
                                                            developer.account(),
                                                            place,
                                                            action,
                                                            facts,
                                                            now));
                    case Principal.Host host when action == Action.RELEASE_READ ->
                            readSecret(host, place, facts, now);
                    case Principal.Anonymous _,
                            Principal.EndUser _,
                            Principal.Host _,
                            Principal.Edge _ ->
                            never(principal);
                };
        boolean absent = owned.isEmpty() && !decision.allowed();
        return decision.secretly(place.secret() || absent);
    }

    /** For a plugin whose namespace is known to be public. */
    static Decision readPublic(Principal principal, PluginId plugin) {
        return readPublic(
                principal, new Place(plugin.namespace(), Optional.of(plugin), Optional.empty()));
    }

    private static Decision readPublic(Principal principal, Place place) {
        if (principal instanceof Principal.Host host && place.plugin().isPresent()) {
            return inPolicy(host, place)
                    ? Decision.allow("the policy of the " + host + " has the " + place)
                    : outOfPolicy(host, place);
        }
        return Decision.allow("the namespace " + place.namespace() + " is public");
    }

    private static boolean inPolicy(Principal.Host host, Place place) {
        return place.plugin()
                .filter(id -> host.patterns().stream().anyMatch(pattern -> pattern.matches(id)))
                .isPresent();
    }

    private static Decision outOfPolicy(Principal.Host host, Place place) {
        return Decision.deny(
                NOT_GRANTED,
                "the policy of the "
                        + host
                        + ", "
                        + host.patterns()
                        + ", does not have the "
                        + place);
    }

    private static Decision readSecret(
            Principal.Host host, Place place, SubjectFacts facts, Instant now) {
        if (!inPolicy(host, place)) {
            return outOfPolicy(host, place);
        }
        if (place.facts().isEmpty()) {
            return unowned(place, Action.RELEASE_READ);
        }
        return grounds(host.toString(), Optional.empty(), place, facts, now).stream()
                .filter(ground -> ground.allows(Action.RELEASE_READ))
                .findFirst()
                .map(ground -> Decision.allow(ground.words()))
                .orElseGet(
                        () ->
                                Decision.deny(
                                        FOREIGN,
                                        "the private namespace "
                                                + place.namespace()
                                                + " was not shared with the "
                                                + host));
    }

    private static Decision ofAccount(
            Account account, Place place, Action action, SubjectFacts facts, Instant now) {
        if (place.facts().isEmpty()) {
            return unowned(place, action);
        }
        List<Ground> grounds =
                grounds(account.name(), Optional.of(account.id()), place, facts, now);
        Optional<Ground> ground = grounds.stream().filter(some -> some.allows(action)).findFirst();
        if (ground.isPresent()) {
            return Decision.allow(ground.get().words());
        }
        // Nobody but publishers publishes and signs: what an administrator changes is seen as such.
        if (account.administrator() && !OF_PUBLISHERS.contains(action)) {
            return Decision.allow(account.name() + " is an administrator of the registry");
        }
        return grounds.isEmpty() ? foreign(account, place) : notIncluded(grounds, action);
    }

    /** The first claims the namespace; there is nothing else to be changed. */
    private static Decision unowned(Place place, Action action) {
        String because = "nobody has the namespace " + place.namespace() + " yet";
        return action.claims() ? Decision.allow(because) : Decision.deny(ABSENT, because);
    }

    private static Decision foreign(Account account, Place place) {
        NamespaceFacts owned = place.facts().orElseThrow();
        return Decision.deny(
                FOREIGN,
                "the namespace "
                        + owned.name()
                        + " belongs to another account than "
                        + account.name()
                        + ", and nothing of it was granted to that one");
    }

    private static Decision notIncluded(List<Ground> grounds, Action action) {
        return Decision.deny(
                ADMIN_ACTIONS.contains(action) ? ADMINISTRATORS_ONLY : NOT_GRANTED,
                grounds.stream().map(Ground::words).collect(Collectors.joining("; "))
                        + ", which does not include "
                        + action);
    }

    /** Why {@code who} has rights on the place, the strongest reason first. */
    private static List<Ground> grounds(
            String who, Optional<Long> account, Place place, SubjectFacts facts, Instant now) {
        List<Ground> grounds = new ArrayList<>();
        NamespaceFacts owned = place.facts().orElseThrow();
        if (account.isPresent() && owned.ownerAccountId().equals(account)) {
            grounds.add(Ground.of(Role.OWNER, who + " owns the namespace " + owned.name()));
        }
        for (MembershipFacts member : facts.memberships()) {
            if (owned.ownerOrganizationId()
                    .filter(id -> id == member.organizationId())
                    .isPresent()) {
                grounds.add(
                        Ground.of(
                                roleOf(member),
                                who
                                        + " is "
                                        + member.role()
                                        + " of the organization "
                                        + member.organization()
                                        + ", which owns the namespace "
                                        + owned.name()));
            }
        }
        facts.grants().stream()
                .filter(grant -> applies(grant, place, now))
                .map(Ground::of)
                .forEach(grounds::add);
        return grounds;
    }

    private static Role roleOf(MembershipFacts member) {
        return switch (member.role()) {
            case "owner" -> Role.OWNER;
            case "admin" -> Role.MAINTAINER;
            default -> Role.READER;
        };
    }

    /** A grant on one plugin says nothing of its namespace. */
    private static boolean applies(GrantFacts grant, Place place, Instant now) {
        boolean live = grant.expiresAt().filter(expires -> !expires.isAfter(now)).isEmpty();
        boolean onPlugin =
                place.plugin()
                        .filter(id -> grant.plugin().filter(id.name()::equals).isPresent())
                        .isPresent();
        return live
                && grant.namespace().equals(place.namespace())
                && (grant.plugin().isEmpty() || onPlugin);
    }

    /**
     * Whether a credential is one of an account and includes the action.
     *
     * @param resource empty: on any
     */
    static Decision includes(Principal principal, Optional<Resource> resource, Action action) {
        if (!(principal instanceof Principal.Developer developer)) {
            return never(principal);
        }
        boolean included =
                developer.scopes().stream()
                        .anyMatch(
                                scope ->
                                        resource.map(named -> scope.covers(action, named))
                                                .orElseGet(() -> scope.includes(action)));
        return included
                ? Decision.allow("the credential includes " + action)
                : outOfScope(developer, resource.orElseGet(Resource.Registry::new), action);
    }

    private static Optional<Decision> limit(
            Principal.Developer developer, Resource resource, Action action) {
        return developer.scopes().stream().anyMatch(scope -> scope.covers(action, resource))
                ? Optional.empty()
                : Optional.of(outOfScope(developer, resource, action));
    }

    private static Decision outOfScope(
            Principal.Developer developer, Resource resource, Action action) {
        return Decision.deny(
                OUT_OF_SCOPE,
                "the credential is limited to "
                        + developer.scopes()
                        + ", which does not include "
                        + action
                        + " on the "
                        + resource);
    }
}

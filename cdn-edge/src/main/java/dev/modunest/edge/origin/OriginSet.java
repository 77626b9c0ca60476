package dev.modunest.edge.origin;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The servers that are the origin now, by who named them. One that leaves gets no new request and
 * ends those that it has. Thread-safe.
 */
final class OriginSet {

    private static final Logger LOG = LoggerFactory.getLogger(OriginSet.class);

    private record Member(OriginServer server, List<String> sources) {}

    private final OriginSettings settings;
    private final Chooser chooser;
    private final LongSupplier nanos;
    private final Map<String, List<OriginAddress>> named = new LinkedHashMap<>();
    private volatile List<Member> members = List.of();

    OriginSet(OriginSettings settings, Chooser chooser, LongSupplier nanos) {
        this.settings = settings;
        this.chooser = chooser;
        this.nanos = nanos;
    }

    /** Makes {@code addresses} all that {@code source} names. */
    synchronized void replace(String source, Collection<OriginAddress> addresses) {
        named.put(source, List.copyOf(addresses));
        Map<String, Member> before = new LinkedHashMap<>();
        members.forEach(member -> before.put(member.server().id(), member));
        Map<String, Member> after = new LinkedHashMap<>();
        named.forEach(
                (name, list) ->
                        list.forEach(
                                address ->
                                        after.merge(
                                                address.id(),
                                                member(before.get(address.id()), address, name),
                                                OriginSet::both)));
        List<Member> next = after.values().stream().limit(settings.maxServers()).toList();
        if (next.size() < after.size()) {
            LOG.warn(
                    "{} of {} origin servers are left out (origin.max_servers)",
                    after.size() - next.size(),
                    after.size());
        }
        if (!ids(next).equals(ids(members))) {
            LOG.info("origin servers: {}", ids(next));
        }
        members = next;
    }

    private Member member(@Nullable Member before, OriginAddress address, String source) {
        OriginServer server =
                before == null || !before.server().address().equals(address)
                        ? new OriginServer(address, settings, nanos)
                        : before.server();
        return new Member(server, List.of(source));
    }

    private static Member both(Member first, Member second) {
        List<String> sources = new ArrayList<>(first.sources());
        sources.addAll(second.sources());
        return new Member(first.server(), List.copyOf(sources));
    }

    private static List<String> ids(List<Member> members) {
        return members.stream().map(member -> member.server().id()).toList();
    }

    List<OriginServer> servers() {
        return members.stream().map(Member::server).toList();
    }

    List<OriginState> states() {
        return members.stream().map(member -> member.server().state(member.sources())).toList();
    }

    /** A use of a server that is not among {@code tried}; empty when none can be asked now. */
    Optional<Use> choose(String key, Set<OriginServer> tried) {
        Set<OriginServer> refusing = new HashSet<>();
        while (true) {
            List<OriginServer> able = able(tried, refusing);
            if (able.isEmpty()) {
                return Optional.empty();
            }
            OriginServer server = chooser.choose(able, key);
            Optional<Use> use = server.use();
            if (use.isPresent()) {
                return use;
            }
            refusing.add(server);
        }
    }

    private List<OriginServer> able(Set<OriginServer> tried, Set<OriginServer> refusing) {
        List<OriginServer> able = new ArrayList<>();
        for (Member member : members) {
            OriginServer server = member.server();
            if (!tried.contains(server) && !refusing.contains(server) && server.isAble()) {
                able.add(server);
            }
        }
        return able;
    }

    /** Why nobody can be asked: what the last one has failed with, told at once. */
    OriginFailure none() {
        List<Member> all = members;
        if (all.isEmpty()) {
            return new OriginFailure(
                    OriginFailure.Kind.UNREACHABLE,
                    "no origin server is known (origin.uris, discovery, registration)");
        }
        OriginFailure last =
                all.stream()
                        .flatMap(member -> member.server().lastFailure().stream())
                        .findFirst()
                        .orElseGet(
                                () ->
                                        new OriginFailure(
                                                OriginFailure.Kind.BUSY, "it is being tried"));
        return new OriginFailure(
                last.kind(),
                (all.size() == 1 ? "the origin is" : "all " + all.size() + " origin servers are")
                        + " left alone for now; the last failure: "
                        + last.getMessage());
    }
}

package dev.modunest.standalone.synthetic;

import dev.modunest.db.BulkNamespace;
import dev.modunest.format.PluginId;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Accounts, their namespaces, and the id of each plugin. Ids are distinct; a few are look-alikes of
 * popular ones.
 */
final class Names {

    private static final int PLUGINS_PER_NAMESPACE = 5;
    private static final int VERIFIED_IN_HUNDRED = 20;
    private static final int POPULAR = 500;
    private static final int LOOK_ALIKES_IN_THOUSAND = 4;

    private final List<String> accounts;
    private final List<BulkNamespace> namespaces;
    private final List<PluginId> ids;

    Names(Shape shape, Draws draws) {
        List<String> owners = words(shape.plugins() / PLUGINS_PER_NAMESPACE + 1, draws, 0);
        this.accounts = owners.stream().map(name -> "seed-" + name).toList();
        this.namespaces = namespaces(accounts, draws);
        this.ids = ids(shape, draws);
    }

    /** Distinct coined words. */
    private static List<String> words(int count, Draws draws, int salt) {
        Set<String> words = new LinkedHashSet<>();
        for (long i = 0; words.size() < count; i++) {
            Random random = draws.of(Draws.For.NAMESPACE, 4 * i + salt);
            String word = Words.coined(random);
            words.add(
                    switch (random.nextInt(6)) {
                        case 0 -> word + "-labs";
                        case 1 -> word + "-" + Words.pickUsual(Words.TOPICS, random);
                        default -> word;
                    });
        }
        return List.copyOf(words);
    }

    private static List<BulkNamespace> namespaces(List<String> accounts, Draws draws) {
        List<BulkNamespace> namespaces = new ArrayList<>();
        List<String> names = words(accounts.size(), draws, 1);
        for (int i = 0; i < names.size(); i++) {
            Random random = draws.of(Draws.For.NAMESPACE, 4L * i + 2);
            // Most accounts have one namespace, some have many, some none.
            String owner =
                    random.nextInt(10) < 7
                            ? accounts.get(i)
                            : accounts.get(Draws.skewed(random, accounts.size(), 3));
            namespaces.add(
                    new BulkNamespace(
                            names.get(i), owner, random.nextInt(100) < VERIFIED_IN_HUNDRED));
        }
        return List.copyOf(namespaces);
    }

    private List<PluginId> ids(Shape shape, Draws draws) {
        List<PluginId> made = new ArrayList<>(shape.plugins());
        Set<String> taken = new HashSet<>();
        for (int rank = 0; rank < shape.plugins(); rank++) {
            Random random = draws.of(Draws.For.NAME, rank);
            String namespace = namespaces.get(Draws.skewed(random, namespaces.size(), 2.2)).name();
            made.add(new PluginId(namespace, name(rank, random, made, taken)));
        }
        return List.copyOf(made);
    }

    private static String name(int rank, Random random, List<PluginId> made, Set<String> taken) {
        if (rank > 4 * POPULAR && random.nextInt(1000) < LOOK_ALIKES_IN_THOUSAND) {
            Optional<String> slip = slip(made.get(random.nextInt(POPULAR)).name(), random);
            if (slip.isPresent() && taken.add(slip.get())) {
                return slip.get();
            }
        }
        String name = name(random);
        while (!taken.add(name)) {
            name = name(random) + (random.nextInt(4) == 0 ? "-" + Words.coined(random) : "");
        }
        return name;
    }

    private static String name(Random random) {
        String topic = Words.pickUsual(Words.TOPICS, random);
        String kind = Words.pickUsual(Words.KINDS, random);
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5 -> topic + "-" + kind;
            case 6, 7, 8, 9, 10 -> Words.pick(Words.QUALIFIERS, random) + "-" + topic + "-" + kind;
            case 11, 12 -> topic + "-" + Words.pick(Words.TOPICS, random) + "-" + kind;
            case 13, 14, 15 -> topic + "-" + Words.coined(random);
            case 16, 17 -> Words.coined(random) + "-" + kind;
            case 18 -> Words.coined(random);
            default -> topic;
        };
    }

    /** {@code name} with one typing slip; empty when that is no name. */
    private static Optional<String> slip(String name, Random random) {
        int at = random.nextInt(Math.max(1, name.length() - 1));
        String slipped =
                switch (random.nextInt(3)) {
                    case 0 -> name.substring(0, at) + name.substring(at + 1);
                    case 1 -> name.substring(0, at) + name.charAt(at) + name.substring(at);
                    default ->
                            name.length() < 2
                                    ? name
                                    : name.substring(0, at)
                                            + name.charAt(at + 1)
                                            + name.charAt(at)
                                            + name.substring(at + 2);
                };
        return Optional.of(slipped).filter(PluginId::isPart);
    }

    List<String> accounts() {
        return accounts;
    }

    List<BulkNamespace> namespaces() {
        return namespaces;
    }

    PluginId id(int rank) {
        return ids.get(rank);
    }
}

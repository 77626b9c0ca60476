package dev.modunest.format;

import java.util.Set;
import java.util.TreeSet;

/**
 * Which plugins may be taken for one another: their names read alike, or they have the same name in
 * namespaces that read alike. Who came first and who is better known is for the caller to judge.
 */
public final class LookAlikes {

    /** In shorter texts one character is too much of a difference to be a slip. */
    private static final int MIN_LENGTH_FOR_A_SLIP = 5;

    private LookAlikes() {}

    public static boolean resemble(PluginId one, PluginId other) {
        return one.name().equals(other.name())
                ? readAlike(one.namespace(), other.namespace())
                : readAlike(one.name(), other.name());
    }

    /**
     * Whether two different names have the same skeleton or skeletons one typing slip apart (a
     * character added, left out or replaced, or two neighbours swapped). Names that differ in
     * nothing but their numbers, as java-8 and java-11, do not read alike.
     */
    static boolean readAlike(String one, String other) {
        if (one.equals(other) || withoutNumbers(one).equals(withoutNumbers(other))) {
            return false;
        }
        String a = skeleton(one);
        String b = skeleton(other);
        return a.equals(b)
                || (Math.min(a.length(), b.length()) >= MIN_LENGTH_FOR_A_SLIP
                        && isOneSlipApart(a, b));
    }

    /**
     * Texts by which look-alikes are found without comparing all names: the names of two plugins
     * that resemble each other have at least one in common. The skeleton and every text that is the
     * skeleton without one character (the symmetric deletions of Garbe's SymSpell).
     */
    public static Set<String> keys(String name) {
        String skeleton = skeleton(name);
        Set<String> keys = new TreeSet<>();
        keys.add(skeleton);
        if (skeleton.length() >= MIN_LENGTH_FOR_A_SLIP) {
            for (int i = 0; i < skeleton.length(); i++) {
                keys.add(skeleton.substring(0, i) + skeleton.substring(i + 1));
            }
        }
        return keys;
    }

    /** The name without hyphens, and one character for those that look the same. */
    static String skeleton(String name) {
        return name.replace("-", "")
                .replace('0', 'o')
                .replace('1', 'l')
                .replace('i', 'l')
                .replace('5', 's')
                .replace("rn", "m")
                .replace("vv", "w");
    }

    private static String withoutNumbers(String name) {
        return name.replaceAll("[0-9]+", "0");
    }

    /** Whether the Damerau-Levenshtein distance (optimal string alignment) is exactly 1. */
    public static boolean isOneSlipApart(String one, String other) {
        String shorter = one.length() <= other.length() ? one : other;
        String longer = one.length() <= other.length() ? other : one;
        int start = 0;
        while (start < shorter.length() && shorter.charAt(start) == longer.charAt(start)) {
            start++;
        }
        String a = shorter.substring(start);
        String b = longer.substring(start);
        return switch (b.length() - a.length()) {
            case 0 ->
                    !a.isEmpty()
                            && (a.substring(1).equals(b.substring(1)) || isSwapOfTheFirstTwo(a, b));
            case 1 -> a.equals(b.substring(1));
            default -> false;
        };
    }

    private static boolean isSwapOfTheFirstTwo(String a, String b) {
        return a.length() >= 2
                && a.charAt(0) == b.charAt(1)
                && a.charAt(1) == b.charAt(0)
                && a.substring(2).equals(b.substring(2));
    }
}

package dev.modunest.format;

import java.util.List;
import java.util.Random;

/** Makes ranges and versions: most of them in npm's grammar or one mistake away from it. */
final class RangeFuzz {

    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "0",
                    "0",
                    "1",
                    "1",
                    "1",
                    "2",
                    "2",
                    "3",
                    "9",
                    "10",
                    "01",
                    "00",
                    "",
                    "9007199254740990",
                    "9007199254740991",
                    "9007199254740992",
                    "99999999999999999999999");
    private static final List<String> WILD = List.of("x", "X", "*");
    private static final List<String> IDENTIFIERS =
            List.of(
                    "0",
                    "1",
                    "2",
                    "10",
                    "01",
                    "a",
                    "alpha",
                    "beta",
                    "rc",
                    "A",
                    "-",
                    "--1",
                    "1a",
                    "0a",
                    "a-b",
                    "v",
                    "x",
                    "9007199254740991",
                    "9007199254740992",
                    "9007199254740993",
                    "");
    private static final List<String> OPERATORS =
            List.of(
                    "", "", "", "=", "<", ">", "<=", ">=", "^", "^", "^", "~", "~", "~>", "==",
                    ">==", "=>", "=<", "<>", "~>=", "^=", "^v", "v", "vv", "=v", "v=", "~^", "^^",
                    "!", ">>", "~<");
    private static final List<String> BLANKS =
            List.of(
                    " ", " ", " ", "  ", "\t", "\n", "\u00a0", "\ufeff", "\u2003", "\u0085",
                    "\u000b", "\r\n");
    private static final String JUNK = "0123.x*^~<>=|-+ vaX\t,!_";

    private final Random random;

    RangeFuzz(long seed) {
        random = new Random(seed);
    }

    String range() {
        StringBuilder text = new StringBuilder();
        int alternatives = chance(75) ? 1 : 1 + random.nextInt(3);
        for (int i = 0; i < alternatives; i++) {
            if (i > 0) {
                text.append(sometimes(BLANKS, 50)).append("||").append(sometimes(BLANKS, 50));
            }
            text.append(alternative());
        }
        String range = chance(3) ? blank() + text + blank() : text.toString();
        return chance(12) ? mutated(range) : range;
    }

    String version() {
        String version = numberOr(0) + "." + numberOr(0) + "." + numberOr(0) + qualifier(35);
        if (chance(6)) {
            version = (chance(50) ? "v" : pick(List.of("=", "V", "vv", "v ", " v"))) + version;
        }
        if (chance(3)) {
            version = blank() + version + blank();
        }
        return chance(3) ? mutated(version) : version;
    }

    private String alternative() {
        if (chance(4)) {
            return "";
        }
        if (chance(18)) {
            String dash = chance(90) ? " - " : pick(List.of("-", " -", "- ", "  -  ", "\t-\t"));
            return sometimes(OPERATORS, 6) + partial() + dash + sometimes(OPERATORS, 6) + partial();
        }
        StringBuilder text = new StringBuilder(simple());
        while (chance(30)) {
            text.append(blank()).append(simple());
        }
        return text.toString();
    }

    private String simple() {
        if (chance(2)) {
            return "+" + pick(IDENTIFIERS);
        }
        return pick(OPERATORS)
                + sometimes(BLANKS, 12)
                + sometimes(List.of("v", "=", "*"), 4)
                + partial()
                + sometimes(List.of("*", "x", "-", "=*", ">*"), 2);
    }

    private String partial() {
        int components = 1 + random.nextInt(10);
        String text = numberOr(12);
        if (components > 2) {
            text += "." + numberOr(12);
        }
        if (components > 4) {
            text += "." + numberOr(12) + qualifier(30);
        } else if (chance(3)) {
            text += qualifier(100);
        }
        return chance(1) ? text + "." + numberOr(5) : text;
    }

    private String qualifier(int percent) {
        String text = chance(percent) ? "-" + identifiers() : "";
        return chance(8) ? text + "+" + identifiers() : text;
    }

    private String identifiers() {
        StringBuilder text = new StringBuilder(pick(IDENTIFIERS));
        while (chance(30)) {
            text.append('.').append(pick(IDENTIFIERS));
        }
        return chance(1) ? text + "a".repeat(225 + random.nextInt(40)) : text.toString();
    }

    private String numberOr(int percentWild) {
        if (chance(percentWild)) {
            return pick(WILD);
        }
        return chance(93) ? String.valueOf(random.nextInt(4)) : pick(NUMBERS);
    }

    private String mutated(String text) {
        StringBuilder mutated = new StringBuilder(text);
        int edits = 1 + random.nextInt(2);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(mutated.length() + 1);
            String junk = String.valueOf(JUNK.charAt(random.nextInt(JUNK.length())));
            if (chance(40) || at == mutated.length()) {
                mutated.insert(at, junk);
            } else if (chance(50)) {
                mutated.deleteCharAt(at);
            } else {
                mutated.replace(at, at + 1, junk);
            }
        }
        return mutated.toString();
    }

    private String blank() {
        return chance(90) ? " " : pick(BLANKS);
    }

    private String sometimes(List<String> of, int percent) {
        return chance(percent) ? pick(of) : "";
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private String pick(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}

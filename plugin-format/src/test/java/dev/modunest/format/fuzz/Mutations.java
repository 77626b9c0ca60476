package dev.modunest.format.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Changes bytes at random: bits, runs, copies, ends. */
final class Mutations {

    private Mutations() {}

    static byte[] of(byte[] seed, Random random) {
        byte[] bytes = seed;
        for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
            bytes = once(bytes, random);
        }
        return bytes;
    }

    private static byte[] once(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length + 1);
        byte[] run = new byte[1 + random.nextInt(8)];
        random.nextBytes(run);
        return switch (random.nextInt(7)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> splice(bytes, at, at, run);
            case 2 -> splice(bytes, at, Math.min(bytes.length, at + run.length), new byte[0]);
            case 3 -> splice(bytes, at, at, slice(bytes, random));
            case 4 -> splice(bytes, at, Math.min(bytes.length, at + 1), slice(bytes, random));
            case 5 -> splice(bytes, at, Math.min(bytes.length, at + 1), new byte[] {run[0]});
            default -> flip(bytes, at, random);
        };
    }

    private static byte[] slice(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length + 1);
        return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + random.nextInt(60)));
    }

    private static byte[] flip(byte[] bytes, int at, Random random) {
        if (at == bytes.length) {
            return bytes;
        }
        byte[] changed = bytes.clone();
        changed[at] ^= (byte) (1 << random.nextInt(8));
        return changed;
    }

    static byte[] splice(byte[] bytes, int from, int to, byte[] inserted) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        out.writeBytes(inserted);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }
}

package dev.modunest.standalone.synthetic;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Downloads by Zipf's law: those of a plugin fall with its rank. */
final class Downloads {

    private static final int DAYS = 30;
    private static final double OF_THE_FIRST = 400_000;
    private static final int EARLIER_MONTHS = 24;

    /** Of the newest release; each older one has half of what is left. */
    private static final int RELEASES_WITH_DOWNLOADS = 4;

    private final Draws draws;
    private final LocalDate today;

    Downloads(Draws draws, Instant now) {
        this.draws = draws;
        this.today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    }

    List<LocalDate> days() {
        return today.minusDays(DAYS).datesUntil(today).toList();
    }

    private long lastMonth(int rank) {
        double noise = 0.5 + draws.of(Draws.For.DOWNLOADS, rank).nextDouble();
        return (long) (noise * OF_THE_FIRST / (rank + 1));
    }

    /** On days that are folded. */
    long earlier(int rank) {
        return lastMonth(rank) * EARLIER_MONTHS;
    }

    /** By day, for each of {@code count} releases, the newest last. */
    List<Map<LocalDate, Long>> ofReleases(int rank, int count) {
        List<Map<LocalDate, Long>> counts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            counts.add(new HashMap<>());
        }
        Random random = draws.of(Draws.For.DOWNLOADS, -1L - rank);
        long left = lastMonth(rank);
        int with = Math.min(count, RELEASES_WITH_DOWNLOADS);
        for (int age = 0; age < with && left > 0; age++) {
            long share = age == with - 1 ? left : left - left / 2;
            spread(share, random, counts.get(count - 1 - age));
            left -= share;
        }
        return counts;
    }

    private void spread(long count, Random random, Map<LocalDate, Long> days) {
        if (count < DAYS) {
            for (long i = 0; i < count; i++) {
                days.merge(today.minusDays(1L + random.nextInt(DAYS)), 1L, Long::sum);
            }
            return;
        }
        for (int day = 1; day <= DAYS; day++) {
            days.put(today.minusDays(day), count / DAYS + (day <= count % DAYS ? 1 : 0));
        }
    }
}

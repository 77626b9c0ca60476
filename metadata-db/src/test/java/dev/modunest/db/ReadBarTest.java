package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadBarTest {

    private static final LogPosition TEN = new LogPosition(10);
    private static final LogPosition TWENTY = new LogPosition(20);

    private final ReadBar bar = new ReadBar();

    @Test
    void nothingReachesABarThatIsNotKnown() {
        assertThat(bar.isCovered()).isFalse();
        assertThat(bar.isReachedBy(TWENTY)).isFalse();
    }

    @Test
    void aReplicaReachesTheBarAtItsPosition() {
        bar.cover(bar.commits(), TEN);

        assertThat(bar.isReachedBy(new LogPosition(9))).isFalse();
        assertThat(bar.isReachedBy(TEN)).isTrue();
    }

    @Test
    void aCommitAfterTheQuestionIsNotCoveredByItsAnswer() {
        long commits = bar.commits();
        bar.committed();
        bar.cover(commits, TWENTY);

        assertThat(bar.isReachedBy(TWENTY)).isFalse();

        bar.cover(bar.commits(), TWENTY);
        assertThat(bar.isReachedBy(TWENTY)).isTrue();
    }

    @Test
    void anEventRaisesTheBarAndNothingLowersIt() {
        bar.cover(bar.commits(), TEN);
        bar.raise(TWENTY);
        bar.raise(TEN);
        bar.cover(bar.commits(), TEN);

        assertThat(bar.isReachedBy(new LogPosition(19))).isFalse();
        assertThat(bar.isReachedBy(TWENTY)).isTrue();
    }

    @Test
    void anotherPrimaryStartsTheBarAnew() {
        bar.cover(bar.commits(), TWENTY);
        bar.restart(bar.commits(), TEN);

        assertThat(bar.isReachedBy(TEN)).isTrue();
    }
}

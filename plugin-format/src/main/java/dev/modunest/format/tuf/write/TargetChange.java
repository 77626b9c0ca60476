package dev.modunest.format.tuf.write;

/** What becomes of one document of the index. */
public sealed interface TargetChange {

    /** The target, {@link Layout#indexTarget}. */
    String path();

    /** Its content now. */
    final class Put implements TargetChange {

        private final String path;
        private final byte[] content;

        public Put(String path, byte[] content) {
            this.path = path;
            this.content = content.clone();
        }

        @Override
        public String path() {
            return path;
        }

        byte[] content() {
            return content;
        }
    }

    /** It is a target no more. */
    record Remove(String path) implements TargetChange {}
}

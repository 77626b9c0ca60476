package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SupportedJvmTest {

    /** Refuses the engine as a JVM without the preview does. */
    private static final ClassLoader REFUSING =
            new ClassLoader(null) {
                @Override
                protected Class<?> findClass(String name) {
                    byte[] header = {
                        (byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0, 0, 99
                    };
                    return defineClass(name, header, 0, header.length);
                }
            };

    @Test
    void acceptsThisJvm() {
        SupportedJvm.require();
    }

    @Test
    void asksForTheFlagOnJdk25() {
        assertThatThrownBy(() -> SupportedJvm.require(REFUSING, 25))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage(
                        "The Modu-Nest loader needs preview features: start java with"
                                + " --enable-preview.");
    }

    @Test
    void asksForJdk25OnAnother() {
        assertThatThrownBy(() -> SupportedJvm.require(REFUSING, 26))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("runs on JDK 25 with --enable-preview, not on JDK 26");
    }

    @Test
    void namesAnIncompleteJar() {
        ClassLoader empty = new ClassLoader(null) {};
        assertThatThrownBy(() -> SupportedJvm.require(empty, 25))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("incomplete");
    }
}

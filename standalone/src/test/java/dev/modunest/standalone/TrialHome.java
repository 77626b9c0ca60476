package dev.modunest.standalone;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A home directory of its own for commands that run as somebody at a platform. */
record TrialHome(Path home, String former, URI registry, Path token) implements AutoCloseable {

    static TrialHome at(Path home, Platform platform) {
        String former = System.getProperty("user.home");
        System.setProperty("user.home", home.toString());
        return new TrialHome(home, former, platform.origin(), platform.tokenFile());
    }

    /** With the address of the platform and its token. */
    Commands run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--registry", registry.toString(), "--token-file", token.toString()));
        return Commands.run(all.toArray(String[]::new));
    }

    Path certificate(String namespace) {
        return home.resolve(".modunest/certificates").resolve(namespace + ".pem");
    }

    Path key() {
        return home.resolve(".modunest/keys/signing.pem");
    }

    @Override
    public void close() {
        System.setProperty("user.home", former);
    }
}

package dev.modunest.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate for localhost and its key, made by the JDK's keytool, as PEM files. */
record SelfSigned(Path certificate, Path key, SSLContext trust, SSLContext serving) {

    private static final char[] PASSWORD = "changeit".toCharArray();

    /** Writes {@code <name>.pem} and {@code <name>.key} into {@code directory}. */
    static SelfSigned in(Path directory, String name) {
        try {
            Path store = directory.resolve(name + ".p12");
            run(
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                            "-genkeypair",
                            "-keyalg",
                            "EC",
                            "-alias",
                            "edge",
                            "-dname",
                            "CN=" + name,
                            "-ext",
                            "SAN=dns:localhost,dns:*.edge.test,ip:127.0.0.1",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            new String(PASSWORD)));
            KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
            Path certificate = directory.resolve(name + ".pem");
            Path key = directory.resolve(name + ".key");
            write(certificate, "CERTIFICATE", keys.getCertificate("edge").getEncoded());
            write(
                    key,
                    "PRIVATE KEY",
                    Objects.requireNonNull(keys.getKey("edge", PASSWORD)).getEncoded());
            return new SelfSigned(certificate, key, trust(keys), serving(keys));
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static SSLContext serving(KeyStore keys) throws GeneralSecurityException {
        KeyManagerFactory own =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        return context;
    }

    private static SSLContext trust(KeyStore keys) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("edge", keys.getCertificate("edge"));
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static void write(Path file, String label, byte[] content) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN "
                        + label
                        + "-----\n"
                        + Base64.getMimeEncoder().encodeToString(content)
                        + "\n-----END "
                        + label
                        + "-----\n");
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue() != 0) {
            throw new IOException("keytool failed");
        }
    }
}

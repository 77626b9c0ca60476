package dev.modunest.standalone;

import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** An S3 endpoint on loopback, its objects files in a folder. */
final class EmbeddedS3Server implements AutoCloseable {

    private final S3Proxy server;

    private EmbeddedS3Server(S3Proxy server) {
        this.server = server;
    }

    static EmbeddedS3Server start(Path folder, String accessKey, String secret) {
        try {
            Files.createDirectories(folder);
            S3Proxy server =
                    S3Proxy.builder()
                            .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                            .endpoint(URI.create("http://127.0.0.1:0"))
                            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKey, secret)
                            .ignoreUnknownHeaders(true)
                            .build();
            server.start();
            return new EmbeddedS3Server(server);
        } catch (IOException failed) {
            throw new StandaloneException(folder + " cannot be made: " + failed, failed);
        } catch (Exception failed) {
            throw new StandaloneException(
                    "the embedded S3 server did not start: " + failed, failed);
        }
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception failed) {
            throw new StandaloneException("the embedded S3 server did not stop: " + failed, failed);
        }
    }
}

package dev.modunest.server.artifact;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes the S3 client that {@link S3Config} describes. */
final class S3Clients {

    private S3Clients() {}

    /**
     * The client computes no checksums of its own: services other than Amazon's refuse the trailers
     * that carry them, and the registry checks SHA-256 itself.
     */
    static S3Client create(S3Config config, StoreObserver observer) {
        S3ClientBuilder builder =
                S3Client.builder()
                        .region(Region.of(config.region()))
                        .credentialsProvider(credentials(config))
                        .forcePathStyle(config.pathStyle())
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
                        .httpClientBuilder(http(config))
                        .overrideConfiguration(
                                calls ->
                                        calls.addExecutionInterceptor(new CallTimes(observer))
                                                .apiCallAttemptTimeout(config.attemptTimeout())
                                                .apiCallTimeout(config.callTimeout())
                                                .retryStrategy(
                                                        StandardRetryStrategy.builder()
                                                                .maxAttempts(config.maxAttempts())
                                                                .build()));
        config.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static Apache5HttpClient.Builder http(S3Config config) {
        return Apache5HttpClient.builder()
                .maxConnections(config.maxConnections())
                .connectionTimeout(config.connectTimeout())
                .connectionAcquisitionTimeout(config.acquireTimeout())
                .socketTimeout(config.readTimeout())
                .tcpKeepAlive(true);
    }

    private static AwsCredentialsProvider credentials(S3Config config) {
        if (config.accessKey().isEmpty() || config.secretKey().isEmpty()) {
            return DefaultCredentialsProvider.builder().build();
        }
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(
                        config.accessKey().get(), config.secretKey().get().value()));
    }
}

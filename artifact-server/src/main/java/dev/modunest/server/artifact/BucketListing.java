package dev.modunest.server.artifact;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Every object of a bucket in the order of its key, folder by folder: holds a page of each folder
 * on the way down. A file-backed storage reads a whole folder for each page, so a listing without
 * folders would read everything for every thousand objects. Not thread-safe.
 */
final class BucketListing implements Iterator<BucketEntry> {

    /** An object, or a folder to list. */
    private record Node(String key, Optional<BucketEntry> object) {}

    private final S3Client s3;
    private final String bucket;
    private final Deque<Iterator<Node>> open = new ArrayDeque<>();
    private Optional<BucketEntry> next = Optional.empty();

    BucketListing(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
        open.push(folder(""));
    }

    private Iterator<Node> folder(String prefix) {
        return new Iterator<>() {
            private final Iterator<ListObjectsV2Response> pages =
                    s3.listObjectsV2Paginator(
                                    list -> list.bucket(bucket).prefix(prefix).delimiter("/"))
                            .iterator();
            private Iterator<Node> page = List.<Node>of().iterator();

            @Override
            public boolean hasNext() {
                while (!page.hasNext() && pages.hasNext()) {
                    page = nodes(pages.next());
                }
                return page.hasNext();
            }

            @Override
            public Node next() {
                return page.next();
            }
        };
    }

    private static Iterator<Node> nodes(ListObjectsV2Response page) {
        List<Node> nodes = new ArrayList<>();
        page.contents()
                .forEach(
                        object ->
                                nodes.add(
                                        new Node(
                                                object.key(),
                                                Optional.of(
                                                        new BucketEntry(
                                                                object.key(),
                                                                object.size(),
                                                                object.lastModified())))));
        page.commonPrefixes()
                .forEach(folder -> nodes.add(new Node(folder.prefix(), Optional.empty())));
        nodes.sort(Comparator.comparing(Node::key));
        return nodes.iterator();
    }

    @Override
    public boolean hasNext() {
        if (next.isEmpty()) {
            next = advance();
        }
        return next.isPresent();
    }

    private Optional<BucketEntry> advance() {
        try {
            while (!open.isEmpty()) {
                Iterator<Node> folder = open.peek();
                if (!folder.hasNext()) {
                    open.pop();
                    continue;
                }
                Node node = folder.next();
                if (node.object().isPresent()) {
                    return node.object();
                }
                open.push(folder(node.key()));
            }
            return Optional.empty();
        } catch (SdkException failed) {
            throw new StoreException("the bucket cannot be listed", failed);
        }
    }

    @Override
    public BucketEntry next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        BucketEntry entry = next.orElseThrow();
        next = Optional.empty();
        return entry;
    }
}

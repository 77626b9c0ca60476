package dev.modunest.edge.purge;

/**
 * One event of a {@code text/event-stream}.
 *
 * @param type {@code message} when the stream gives none
 */
record ServerSentEvent(String type, String data) {}

/**
 * Runs applications on Kafka Streams: one topology per application, with a source and a store in
 * memory for each resource it follows, the outcomes as a further source, and the commands as sink.
 *
 * <p>A store is restored from the store topic itself, so nothing is written twice. Kafka Streams
 * restores up to the offset the group has committed and hands over what follows as records; {@link
 * dev.shiplog.streams.kit.kafka.LogCatchUp} makes sure that both have been taken in before an
 * application acts.
 */
package dev.shiplog.streams.kit.kafka;

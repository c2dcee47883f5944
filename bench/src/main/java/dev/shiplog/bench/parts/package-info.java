/** What a commit is made of, measured by JMH without HTTP and Kafka. */
package dev.shiplog.bench.parts;

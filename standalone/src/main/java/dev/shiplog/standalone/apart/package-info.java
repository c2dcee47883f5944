/**
 * Parts of Shiplog that run alone, each in a process of its own on an existing Kafka, and told
 * everything by configuration. They share one package and one image.
 */
package dev.shiplog.standalone.apart;

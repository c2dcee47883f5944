/** Objects in Kubernetes' protobuf encoding, as typed clients send and take them, and JSON. */
package dev.shiplog.api.schema.protobuf;

/** Objects in Kubernetes' protobuf encoding, as typed clients send them, turned into JSON. */
package dev.shiplog.api.schema.protobuf;

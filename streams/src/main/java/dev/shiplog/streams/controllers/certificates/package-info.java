/** Requests for certificates, once they have had their answer. */
package dev.shiplog.streams.controllers.certificates;

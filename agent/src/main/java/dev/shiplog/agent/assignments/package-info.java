/** Which pods are bound to a node, followed from the assignments topic. */
package dev.shiplog.agent.assignments;

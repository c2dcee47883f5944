/** What happens to pods and nodes, told to users as Events. */
package dev.shiplog.agent.events;

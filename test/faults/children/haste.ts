/** Chance at its lowest: pauses between tries are as short as the engine ever makes them. */
Math.random = () => 0;

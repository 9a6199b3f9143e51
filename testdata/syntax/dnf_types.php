<?php function a((A&B)|null $b, C|(D&E) $c): (F&G)|static {} class H { public (I&J)|K $l; }

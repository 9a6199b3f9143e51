<?php
echo json_encode(<<<TREE
      leaf
    twig
    TREE);
